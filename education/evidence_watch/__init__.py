"""Watched evidence: PubMed is asked, for each cell of the map, for new trials and reviews. People decide.

The questions are made in questions.py, asked in looking.py with the client of pubmed_search.py, and what is found waits
for a decision (education/actions/new_papers.py).
"""

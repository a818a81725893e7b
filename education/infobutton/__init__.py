"""Answers to health records that ask for patient education by clinical code.

HL7 Context-Aware Knowledge Retrieval (“Infobutton”), URL-based request and Atom answer, in the form of MedlinePlus
Connect (medlineplus.gov/medlineplus-connect/web-service/), so that clients written for it work with our address.
"""

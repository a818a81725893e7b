"""Patient education for health records, by clinical code: HL7 Context-Aware Knowledge Retrieval (“Infobutton”).

The URL-based request and the Atom response follow MedlinePlus Connect
(medlineplus.gov/medlineplus-connect/web-service/), so that clients written for it work with our address.
"""

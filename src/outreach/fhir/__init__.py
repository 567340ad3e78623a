"""The only door to a FHIR server. R4 JSON: https://hl7.org/fhir/R4/http.html"""

"""Files of evidence: kept under their digests, told by what they are; what they prove is others' to know."""

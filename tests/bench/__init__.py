"""Measurements, run by ``python run.py bench``."""

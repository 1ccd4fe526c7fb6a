"""Balances, and the answer to every question of where things stand."""

"""Use cases: what people come to do, each in one transaction that the edge commits. No Flask, no SQL of their own."""

"""The licensing desk: caseload, the file of one application, checks, visits, decisions. Licensing officers only.

One module a page; `room` is the blueprint.
"""

from contact.web.licensing import application, caseload, casework, deciding, evidence, visiting
from contact.web.licensing.blueprint import room

__all__ = ["application", "caseload", "casework", "deciding", "evidence", "room", "visiting"]

"""The bare Flask extensions, made here once and connected by the factory; they know nothing of ours."""

from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

db = SQLAlchemy(disable_autonaming=True, add_models_to_shell=False, session_options={"expire_on_commit": False})
csrf = CSRFProtect()

"""The only room that knows SQLAlchemy: models, query functions, migrations. Imported by services; imports the domain."""

"""The only room that knows SQLAlchemy: models, query functions and migrations. Imported by services; imports the domain."""

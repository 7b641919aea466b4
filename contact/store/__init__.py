"""The only room that knows SQLAlchemy: models, queries, migrations. Imported by services; imports the domain."""

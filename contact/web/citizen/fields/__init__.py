"""A form's question types as WTForms fields with GOV.UK widgets: one module a kind, each with `fields` and `row`."""

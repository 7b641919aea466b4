"""Where people meet the service: pages, forms and streams. Each room stands alone; `shared` is their corridor."""

/** A page whose script runs can hold an emergency. */
for (const field of document.querySelectorAll("[data-lease-kind]")) field.value = "live";

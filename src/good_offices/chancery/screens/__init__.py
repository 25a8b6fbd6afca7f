"""The screens, one module each: routes, and what stands on them. Each has `ROUTES`."""

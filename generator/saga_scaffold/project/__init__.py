"""From spec to files: plan what every template needs, render it, format it, record it, publish it."""

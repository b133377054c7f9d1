"""One call to a model in the sandbox, from permit to debit, local or upstream."""

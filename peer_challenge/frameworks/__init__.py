"""An office's own frameworks: understood from its Word or Excel file, with ids that stay the same."""

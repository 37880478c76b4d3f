"""The five kinds of submission, a file each: columns, what makes it valid, what accepting it causes."""

"""A checked scenario under settings, as data: what the kernel, the engines and the analyses work with."""

"""Publishing: generations are shared through an object store, by whoever builds them with whoever reads them."""

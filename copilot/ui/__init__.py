"""The desk: Streamlit pages over the public API. Nothing else in the package imports streamlit."""

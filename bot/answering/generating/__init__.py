"""Generating: a question and passages come in, what a chat model wrote comes out, as drafts."""

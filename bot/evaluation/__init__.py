"""Evaluation: question sets come in, the measures of finding, answering and refusing come out."""

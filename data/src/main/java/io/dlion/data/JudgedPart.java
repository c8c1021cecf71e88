package io.dlion.data;

/** What of some data a model is judged by. */
public enum JudgedPart {
  /** Its test split. */
  TEST_SPLIT,
  /** Everything, since it has no test split. */
  ALL
}

package io.dlion.data.file;

/**
 * Something in a data set that is not used.
 *
 * @param what such as a column, or "20 files"
 * @param why the reason
 */
public record LeftOut(String what, String why) {
  @Override
  public String toString() {
    return what + " (" + why + ")";
  }
}

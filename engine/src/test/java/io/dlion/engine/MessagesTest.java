package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is made of the messages of native libraries. */
class MessagesTest {
  @Test
  void aLibraryThatTheSystemLacksIsNamed() {
    Throwable loader =
        new UnsatisfiedLinkError(
            "/c/libjnitorch.so: libstdc++.so.6: cannot open shared object file: No such file");
    Throwable failure = new UnsatisfiedLinkError("no jnitorch in java.library.path: /lib");
    assertThat(Messages.systemLacks(failure)).isEmpty();
    failure.initCause(loader);
    assertThat(Messages.systemLacks(failure)).contains("no libstdc++.so.6");
  }

  @Test
  void aLibraryThatIsTooOldIsNamed() {
    Throwable loader =
        new UnsatisfiedLinkError(
            "/c/libtorch.so: /lib/libc.so.6: version `GLIBC_2.35' not found (required by /c/x.so)");
    assertThat(Messages.systemLacks(loader))
        .contains("an older library (version `GLIBC_2.35' not found)");
  }
}

/** What arrives at emulated workers, when, and with which labels: pure functions of a seed. */
@NullMarked
package io.dlion.emulator.stream;

import org.jspecify.annotations.NullMarked;

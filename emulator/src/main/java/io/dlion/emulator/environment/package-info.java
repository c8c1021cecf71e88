/** Emulated micro-clouds: workers, their capacity and links over time, and what happens to them. */
@NullMarked
package io.dlion.emulator.environment;

import org.jspecify.annotations.NullMarked;

/** The virtual clock: what happens next, and in which order. */
@NullMarked
package io.dlion.emulator.time;

import org.jspecify.annotations.NullMarked;

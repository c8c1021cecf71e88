/** Thousands of seeded schedules of faults, and what must hold in all of them. */
@NullMarked
package io.dlion.emulator.check;

import org.jspecify.annotations.NullMarked;

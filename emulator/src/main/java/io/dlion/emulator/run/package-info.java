/** Real nodes and real gradients in virtual time. */
@NullMarked
package io.dlion.emulator.run;

import org.jspecify.annotations.NullMarked;

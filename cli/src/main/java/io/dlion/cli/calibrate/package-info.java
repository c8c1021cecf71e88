/** {@code dlion calibrate}: what a gradient costs on this machine, for emulated environments. */
@NullMarked
package io.dlion.cli.calibrate;

import org.jspecify.annotations.NullMarked;

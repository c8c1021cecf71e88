/** {@code dlion emulate}: methods compared on emulated micro-clouds. */
@NullMarked
package io.dlion.cli.emulate;

import org.jspecify.annotations.NullMarked;

/** {@code dlion package}: the program, a Java and all it needs in one file. */
@NullMarked
package io.dlion.cli.pack;

import org.jspecify.annotations.NullMarked;

/** Options that several commands have. */
@NullMarked
package io.dlion.cli.option;

import org.jspecify.annotations.NullMarked;

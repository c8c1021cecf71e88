/** What a worker may take of its machine and its lines. */
@NullMarked
package io.dlion.cli.cap;

import org.jspecify.annotations.NullMarked;

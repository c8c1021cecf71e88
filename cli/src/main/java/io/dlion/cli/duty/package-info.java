/** When a worker trains and when it rests, and who says so. */
@NullMarked
package io.dlion.cli.duty;

import org.jspecify.annotations.NullMarked;

/** Single records, as they arrive on a stream, and files that appear: into examples. */
@NullMarked
package io.dlion.data.record;

import org.jspecify.annotations.NullMarked;

/** Tests of the runtime. */
@NullMarked
package io.dlion.cluster;

import org.jspecify.annotations.NullMarked;

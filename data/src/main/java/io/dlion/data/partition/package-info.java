/** Which examples go to which worker. */
@NullMarked
package io.dlion.data.partition;

import org.jspecify.annotations.NullMarked;

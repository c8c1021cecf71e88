/** Direct knowledge transfer from the best worker. */
@NullMarked
package io.dlion.core.transfer;

import org.jspecify.annotations.NullMarked;

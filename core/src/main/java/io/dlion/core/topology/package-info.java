/** Which workers exchange gradients with each other. */
@NullMarked
package io.dlion.core.topology;

import org.jspecify.annotations.NullMarked;

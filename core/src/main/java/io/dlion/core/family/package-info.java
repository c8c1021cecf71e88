/** The one switch: which node a run's settings ask for. */
@NullMarked
package io.dlion.core.family;

import org.jspecify.annotations.NullMarked;

/** Tests of the engine. */
@NullMarked
package io.dlion.engine;

import org.jspecify.annotations.NullMarked;

/** Direct knowledge transfer as a worker carries it out. */
@NullMarked
package io.dlion.core.peer.knowledge;

import org.jspecify.annotations.NullMarked;

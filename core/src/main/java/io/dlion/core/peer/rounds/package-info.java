/** Rounds of local steps in which nobody is waited for beyond a grace time. */
@NullMarked
package io.dlion.core.peer.rounds;

import org.jspecify.annotations.NullMarked;

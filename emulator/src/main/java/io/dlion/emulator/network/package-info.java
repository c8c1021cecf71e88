/** Emulated links: who gets how much of them, and when a message has left and arrived. */
@NullMarked
package io.dlion.emulator.network;

import org.jspecify.annotations.NullMarked;

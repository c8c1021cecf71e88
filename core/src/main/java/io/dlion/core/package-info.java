/** The pure heart of DLion: nodes, policies, messages. No clock, thread, socket or file. */
@NullMarked
package io.dlion.core;

import org.jspecify.annotations.NullMarked;

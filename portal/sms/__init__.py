"""The 2757 channel: understands a text, answers it; the phone on screen; the gateway's entrance."""

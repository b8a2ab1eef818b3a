//! From a webhook to a row on the screen: by stage through the parts, and as a whole in the real window beside a bare page.

pub mod stages;
pub mod steady;

FROM 
RUN npm -=